/**
 * Asks something of the Nix on PATH once a process; another PATH or another `NIX_CONFIG` is another question. A failure
 * is not kept.
 */
export function onceForNix<T>(ask: () => Promise<T>): () => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return () => {
    const key = JSON.stringify([process.env.PATH, process.env.NIX_CONFIG]);
    const known = answers.get(key);
    if (known) return known;
    const answer = ask();
    answers.set(key, answer);
    answer.catch(() => answers.delete(key));
    return answer;
  };
}
