// A reporter of jest: how many schedules `test/faults` told, over all files, and which of them broke something.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What the stories noted, the last of each: jest begins a file anew when its process was ended from outside. */
export function notesIn(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const notes = lines.map(line => JSON.parse(line));
  return [...new Map(notes.map(note => [note.story, note])).values()];
}

export default class ToldSchedules {
  onRunStart() {
    if (process.env.SCHEDULES_TOLD) return;
    this.folder = mkdtempSync(path.join(tmpdir(), 'schedules-'));
    // The workers inherit it.
    process.env.SCHEDULES_TOLD = path.join(this.folder, 'told');
    writeFileSync(process.env.SCHEDULES_TOLD, '');
  }

  onRunComplete() {
    // Whoever gave the file reads it.
    if (!this.folder) return;
    const notes = notesIn(process.env.SCHEDULES_TOLD);
    rmSync(this.folder, { recursive: true });
    if (notes.length === 0) return;
    const sum = of => notes.reduce((total, note) => total + (of(note) ?? 0), 0);
    const broken = notes.flatMap(note => note.broken ?? []);
    const joined = sum(note => note.joined);
    console.log(
      `\nSchedules of faults: ${sum(note => note.told)} in ${notes.length} stories` +
        `${joined > 0 ? `, ${joined} of them until they came to where another one had been` : ''}: ${broken.length} broken`,
    );
    for (const id of broken) console.log(`  FAULT=${id}`);
  }
}
