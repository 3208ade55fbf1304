/**
 * Raises the one limit of this computer that keeps many machines from starting, `fs.inotify.max_user_instances`, where it
 * is too low. Needs root. Call what it returns when done: that puts the old value back.
 *
 * @param machines how many run at once
 * @param note called with what was changed
 */
export declare function raiseInotifyLimit(machines: number, note?: (line: string) => void): () => void;
