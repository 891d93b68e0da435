// Broadcast server on ws (Debian's node-ws).
const { WebSocketServer, WebSocket } = require('ws');

const rooms = new Map();
const room = (name) => rooms.get(name) ?? rooms.set(name, new Set()).get(name);

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2]), perMessageDeflate: false, backlog: 4096 });
server.on('connection', (socket) => {
  const mine = new Set();
  socket.on('message', (data) => {
    const text = data.toString();
    const [word, name] = text.split(' ', 2);
    if (word === 'SUB') {
      room(name).add(socket);
      mine.add(name);
      socket.send(text);
    } else if (word === 'PUB') {
      for (const member of room(name)) if (member.readyState === WebSocket.OPEN) member.send(text);
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => { for (const name of mine) room(name).delete(socket); });
});
server.on('listening', () => console.log('listening', server.address().port));
