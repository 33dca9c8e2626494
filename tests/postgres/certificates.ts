/** X.509 certificates for tests, made on the spot (ECDSA P-256), so that none in the repository can expire. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

export interface Issued {
  readonly name: string;
  readonly cert: string;
  readonly key: string;
}
export interface CertificateOptions {
  /** Host names and IPv4 addresses it is for. */
  readonly names?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Absent: signs itself. */
  readonly issuer?: Issued;
  readonly authority?: boolean;
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const size = body.length < 0x100 ? [body.length] : [body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length, ...size]), body]);
}
const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const bits = (bytes: Uint8Array) => der(0x03, Buffer.from([0]), bytes);
const octets = (...parts: readonly Uint8Array[]) => der(0x04, ...parts);
const yes = der(0x01, Buffer.from([0xff]));
const text = (value: string) => der(0x0c, Buffer.from(value));

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = rest.flatMap((part) => {
    const groups = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
const commonName = (name: string) => sequence(der(0x31, sequence(oid('2.5.4.3'), text(name))));
const time = (at: Date) => der(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]|\.\d+/g, '')}`));

function extensions({ names = [], authority = false }: CertificateOptions): Buffer {
  const list = [sequence(oid('2.5.29.19'), yes, octets(authority ? sequence(yes) : sequence()))];
  const entries = names.map((name) =>
    isIPv4(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name)),
  );
  if (entries.length > 0) list.push(sequence(oid('2.5.29.17'), octets(sequence(...entries))));
  return der(0xa3, sequence(...list));
}

const pem = (bytes: Buffer) => {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
};

/** A certificate for a common name, with its key (PKCS 8). */
export function certificate(name: string, options: CertificateOptions = {}): Issued {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const day = 86_400_000;
  const signer: KeyObject = options.issuer ? createPrivateKey(options.issuer.key) : privateKey;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    commonName(options.issuer?.name ?? name),
    sequence(
      time(options.notBefore ?? new Date(Date.now() - day)),
      time(options.notAfter ?? new Date(Date.now() + 30 * day)),
    ),
    commonName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions(options),
  );
  const cert = pem(sequence(body, ecdsaWithSha256, bits(sign('sha256', body, signer))));
  return { name, cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** The same key, locked with a passphrase. */
export const lockedKey = (key: string, passphrase: string): string =>
  createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();
