import type { Paper } from './paper';
import type { Press } from './press';

/**
 * Renders a definition to bytes: the same definition, the same bytes (its creation date is part of it, and from that
 * derives the file's id). The definition is consumed: rendering writes into it.
 */
export async function renderPdf(definition: Paper): Promise<Buffer> {
  const { print } = await press();
  return print(definition);
}

/** How many font files this process has parsed: four at most, however many documents it made. */
export const fontParses = async (): Promise<number> => (await press()).fonts.parses;

/** Of any font, the most words that are remembered at this moment. */
export const mostWordsKept = async (): Promise<number> => (await press()).fonts.mostWordsKept;

let loading: Promise<Press> | undefined;

/** pdfmake takes a while to load: only who renders pays for it, and only once. */
const press = (): Promise<Press> => {
  loading ??= import('./press').then(({ openPress }) => openPress());
  return loading;
};
