import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { sshAnswers } from "./answers.js";

/** Asks a server that does this with who connects. */
async function asked(serve: (socket: Socket) => void): Promise<boolean> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await sshAnswers("127.0.0.1", port, 200);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

test("an ssh server is one that greets as such, in time", async () => {
  expect(await asked((socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"))).toBe(true);
  expect(await asked((socket) => socket.write("220 mail.example.org ESMTP\r\n"))).toBe(false);
  expect(await asked((socket) => socket.end())).toBe(false);
  expect(await asked(() => {})).toBe(false);
});

test("where nobody listens, nobody answers", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  expect(await sshAnswers("127.0.0.1", port, 200)).toBe(false);
});
