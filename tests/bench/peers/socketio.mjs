/**
 * The peer to be measured against: a Socket.IO server of Node with one room, which tells everybody
 * the page the chair shows. Nothing is stored. Usage: node socketio.mjs PORT
 */
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], maxHttpBufferSize: 64 * 1024 });
let rev = 1;
let page = 1;

io.on("connection", (socket) => {
  socket.on("join", (_, answer) => {
    socket.join("room");
    socket.emit("view", { rev, view: { presented: { page } } });
    socket.emit("beacon", { rev, t: 0 });
    answer({ status: "committed", rev });
  });
  socket.on("command", (sent, answer) => {
    const before = rev;
    rev += 1;
    page = sent.command.page;
    io.to("room").emit("patch", {
      from: before,
      to: rev,
      patch: { turn: rev, presented: { page } },
    });
    answer({ status: "committed", rev });
  });
});

http.listen(Number(process.argv[2]), "127.0.0.1", () => process.stdout.write("ready\n"));
