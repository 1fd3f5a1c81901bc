/**
 * A user of the system.
 * @param {string} name
 * @param {string} passwd the text of /etc/passwd
 * @returns {{ uid: number, gid: number } | undefined}
 */
export function findUser(name, passwd) {
  const fields = passwd
    .split("\n")
    .map((line) => line.split(":"))
    .find(([user]) => user === name);
  return fields && { uid: Number(fields[2]), gid: Number(fields[3]) };
}

/**
 * Whether a uid is the user's own, or one of those that its containers' users are outside.
 * @param {string} name
 * @param {number} own
 * @param {string} subuid the text of /etc/subuid
 * @returns {(uid: number) => boolean}
 */
export function uidsOf(name, own, subuid) {
  const ranges = subuid
    .split("\n")
    .map((line) => line.split(":"))
    .filter(([user]) => user === name || user === String(own))
    .map(([, first, count]) => [Number(first), Number(first) + Number(count) - 1]);
  return (uid) => uid === own || ranges.some(([first, last]) => first <= uid && uid <= last);
}
