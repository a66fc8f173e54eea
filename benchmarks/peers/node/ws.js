// A server on `ws`: what comes in on /publish goes out to all that are on another path; /echo gets back what it sends.
// node ws.js PORT
"use strict";
const {WebSocketServer} = require("ws");

const subscribers = new Set();
const server = new WebSocketServer({host: "127.0.0.1", port: Number(process.argv[2]), backlog: 1024, clientTracking: false});
server.on("listening", () => console.log("ready"));
server.on("connection", (socket, request) => {
    socket.on("error", () => socket.terminate());
    if (request.url === "/publish") {
        socket.on("message", (data) => {
            const text = data.toString();
            for (const subscriber of subscribers) {
                subscriber.send(text);
            }
        });
    } else if (request.url === "/echo") {
        socket.on("message", (data) => socket.send(data.toString()));
    } else {
        subscribers.add(socket);
        socket.on("close", () => subscribers.delete(socket));
    }
});
