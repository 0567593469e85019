/** What a server wants that is asked for too much: a number that makes a hash begin with zeros. */

/** {challenge, nonce}: of SHA-256 over `challenge.nonce`, so many bits in front are zero. */
export async function prove({ challenge, bits }) {
  for (let nonce = 0; ; nonce++) {
    const text = new TextEncoder().encode(`${challenge}.${nonce}`);
    const start = new DataView(await crypto.subtle.digest("SHA-256", text)).getUint32(0);
    if (Math.clz32(start) >= bits) return { challenge, nonce: `${nonce}` };
  }
}
