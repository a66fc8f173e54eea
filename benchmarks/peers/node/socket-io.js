// A server on socket.io as its documentation has it: a room for the subscribers, an acknowledgement for the answer to a call.
// node socket-io.js PORT
"use strict";
const {createServer} = require("node:http");
const {Server} = require("socket.io");

const http = createServer();
const server = new Server(http, {transports: ["websocket"], serveClient: false});
server.on("connection", (socket) => {
    socket.on("join", (acknowledge) => {
        socket.join("bell");
        acknowledge();
    });
    socket.on("publish", (payload) => server.to("bell").emit("rung", payload));
    socket.on("echo", (payload, acknowledge) => acknowledge(payload));
});
http.listen({host: "127.0.0.1", port: Number(process.argv[2]), backlog: 1024}, () => console.log("ready"));
