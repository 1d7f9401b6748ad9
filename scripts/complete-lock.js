// Completes package-lock.json with the platform packages that npm left out because it could not see them when the lock
// was made. Without them `npm ci` refuses the lock on every platform. Run it after each change of the lock.

import { readFileSync, writeFileSync } from 'node:fs';

const FILE = 'package-lock.json';
const OS = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'win32', 'sunos', 'aix'];
const CPU = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'mips64el', 'loong64'];

const lock = JSON.parse(readFileSync(FILE, 'utf8'));
const added = [];
for (const [path, owner] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    const known = lock.packages[`node_modules/${name}`] ?? lock.packages[`${path}/node_modules/${name}`];
    const entry = path === '' || known ? undefined : platformPackage(name, version, owner);
    if (!entry) continue;
    lock.packages[`node_modules/${name}`] = entry;
    added.push(`${name}@${version}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'the lock is complete' : `added ${added.join(', ')}`);

/** The lock entry of a package whose name tells its platform; undefined for any other. */
function platformPackage(name, version, owner) {
  const words = name.split('/').at(-1).split('-');
  const os = OS.find((word) => words.includes(word));
  const cpu = CPU.find((word) => words.includes(word));
  if (!os || !cpu) return undefined;
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : glibc(words, os);
  const entry = { version, cpu: [cpu], dev: owner.dev, libc, optional: true, os: [os], engines: owner.engines };
  return JSON.parse(JSON.stringify(entry));
}

function glibc(words, os) {
  return os === 'linux' && words.some((word) => word.startsWith('gnu')) ? ['glibc'] : undefined;
}
