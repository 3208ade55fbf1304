import { manage, manageIfThere } from "./manage.js";

/**
 * Notes that VirtualBox keeps for others, of a machine or of the whole installation (`global`). By these Firn knows its
 * own things again, also those that a run which was killed left half made.
 */
export async function readNote(of: string, key: string): Promise<string | undefined> {
  const text = await manageIfThere(`read a note of ${of}`, "getextradata", of, `Firn/${key}`);
  return /^Value: (.*?)\r?$/m.exec(text ?? "")?.[1];
}

/** Without a value, the note is removed. */
export async function writeNote(of: string, key: string, value?: string): Promise<void> {
  const end = value === undefined ? [] : [value];
  await manageIfThere(`make a note of ${of}`, "setextradata", of, `Firn/${key}`, ...end);
}

/** All notes of the installation whose keys begin so, by the rest of the key. */
export async function globalNotes(prefix: string): Promise<ReadonlyMap<string, string>> {
  const text = await manage("read its notes", "getextradata", "global", "enumerate");
  const notes = [...text.matchAll(/^Key: Firn\/(.*?), Value: (.*?)\r?$/gm)];
  return new Map(
    notes
      .filter((note) => note[1]?.startsWith(prefix))
      .map((note) => [(note[1] ?? "").slice(prefix.length), note[2] ?? ""]),
  );
}
