import type { DocumentLink, DocumentStore } from '../../shared/documents/documentStore';
import { instant } from '../../shared/domain/calendar';

/** Files in memory; a link to one says its key. */
export class MemoryDocuments implements DocumentStore {
  readonly kept = new Map<string, Buffer>();

  async keep(key: string, bytes: Uint8Array): Promise<void> {
    this.kept.set(key, Buffer.from(bytes));
  }
  async find(key: string): Promise<Buffer | undefined> {
    return this.kept.get(key);
  }
  async link(key: string): Promise<DocumentLink> {
    return { url: `https://documents.example.com/${key}`, expiresAt: instant('2026-03-10T15:05:00Z') };
  }
}
