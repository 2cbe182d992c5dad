// Run by mongosh at mongo1, as root, every time the installation starts: makes the replica set and the axis's user where
// they are missing. The user may read and write its two databases and nothing else.
const { readFileSync } = require('node:fs');

const MEMBERS = ['mongo1:27017', 'mongo2:27017', 'mongo3:27017'];

try {
  rs.status();
} catch {
  rs.initiate({ _id: 'rs0', members: MEMBERS.map((host, _id) => ({ _id, host })) });
}
for (let waited = 0; !db.hello().isWritablePrimary; waited++) {
  // After a restart another member may be the primary, and has the user already.
  if (db.hello().primary || waited > 60) quit(db.hello().primary ? 0 : 1);
  sleep(1000);
}
const admin = db.getSiblingDB('admin');
if (!admin.getUser('truc'))
  admin.createUser({
    user: 'truc',
    pwd: readFileSync('/run/secrets/mongo_password', 'utf8').trim(),
    roles: ['truc', 'truc-signer'].map((name) => ({ role: 'readWrite', db: name })),
  });
