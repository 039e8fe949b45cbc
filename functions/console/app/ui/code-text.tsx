import { useIntl } from 'react-intl';
import { isTextId, T } from '../texts/text.tsx';

type CodeTextProps = {
  /** The id that a text for the code would have. */
  readonly id: string;
  readonly members: Readonly<Record<string, string>> | undefined;
  /** The service's own sentence, for a code that has no text here. */
  readonly sentence: string;
};

/** A sentence of the service, by its code. */
export function CodeText({ id, members = {}, sentence }: CodeTextProps) {
  const { messages } = useIntl();
  return isTextId(messages, id) ? <T id={id} values={members} /> : <bdi>{sentence}</bdi>;
}
