import { Component, type ReactNode } from 'react';
import { PageFault } from './page-fault.tsx';

type PageBoundaryProps = { readonly children: ReactNode };

/** Shows a fault in the place of a page that failed, and leaves everything around it. */
export class PageBoundary extends Component<PageBoundaryProps, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render(): ReactNode {
    return 'error' in this.state ? <PageFault error={this.state.error} /> : this.props.children;
  }
}
