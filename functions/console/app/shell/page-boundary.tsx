import { Component, type ReactNode } from 'react';
import { PageFault } from './page-fault.tsx';

type PageBoundaryProps = {
  /** The address of what is shown. After a fault, another one is tried anew. */
  readonly place?: string;
  readonly children: ReactNode;
};
type PageBoundaryState = { readonly fault?: { readonly error: unknown } | undefined };

/** Shows a fault in the place of a page that failed, and leaves everything around it. */
export class PageBoundary extends Component<PageBoundaryProps, PageBoundaryState> {
  override state: PageBoundaryState = {};

  static getDerivedStateFromError(error: unknown): PageBoundaryState {
    return { fault: { error } };
  }

  override componentDidUpdate({ place }: PageBoundaryProps): void {
    if (place !== this.props.place) this.setState({ fault: undefined });
  }

  override render(): ReactNode {
    const { fault } = this.state;
    return fault === undefined ? this.props.children : <PageFault error={fault.error} />;
  }
}
