// Forwards TCP ports of this computer to a machine: ADDRESS FROM=TO …, where FROM is a port, or an address and a port.
// It lives in the machine's cgroup and ends with it.
import { connect, createServer } from "node:net";

const [address, ...ports] = process.argv.slice(2);
for (const each of ports) {
  const [from, to] = each.split("=");
  const [, host = "127.0.0.1", port] = /^(?:\[?([^\]]*)\]?:)?(\d+)$/.exec(from);
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const inside = connect({ host: address, port: Number(to), allowHalfOpen: true });
    const end = () => {
      socket.destroy();
      inside.destroy();
    };
    socket.on("error", end).on("close", end).pipe(inside);
    inside.on("error", end).on("close", end).pipe(socket);
  });
  server.on("error", (error) => {
    console.error(`port ${from} cannot be forwarded: ${error.message}`);
    process.exit(1);
  });
  server.listen(Number(port), host, () => console.log(`forwards ${from} to ${address} port ${to}`));
}
