/** A mail server of the tests: takes every mail on this machine, and sends none on. */
import { createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface Mail {
	readonly to: readonly string[];
	/** Headers and body as one text, decoded. */
	readonly text: string;
}

export interface Mailbox {
	readonly mails: readonly Mail[];
	/** What a credential of n8n's Send Email node is made of. */
	readonly credential: Readonly<Record<string, unknown>>;
	/** Waits for the mail after the first `seen`. */
	next(seen: number): Promise<Mail>;
	close(): Promise<void>;
}

export async function openMailbox(): Promise<Mailbox> {
	const mails: Mail[] = [];
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		converse(socket, (mail) => mails.push(mail));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The mailbox has no port.');
	const { port } = address;
	return {
		mails,
		credential: { host: '127.0.0.1', port, secure: false, disableStartTls: true, user: '' },
		async next(seen) {
			const deadline = Date.now() + 60_000;
			for (;;) {
				const mail = mails[seen];
				if (mail !== undefined) return mail;
				if (Date.now() > deadline) throw new Error('No mail came within a minute.');
				await wait(100);
			}
		},
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** As much of RFC 5321 as a client that sends one mail after the other needs. */
function converse(socket: Socket, keep: (mail: Mail) => void): void {
	let heard = '';
	let to: string[] = [];
	let inMail = false;
	const say = (line: string) => socket.write(`${line}\r\n`);
	const hear = (line: string) => {
		const recipient = /^RCPT TO:<(.+)>/i.exec(line)?.[1];
		if (recipient !== undefined) to.push(recipient);
		if (/^DATA/i.test(line)) {
			inMail = true;
			return say('354 go on');
		}
		return say(/^QUIT/i.test(line) ? '221 bye' : '250 ok');
	};
	socket.on('data', (chunk) => {
		heard += chunk.toString('utf8');
		for (;;) {
			const end = inMail ? '\r\n.\r\n' : '\r\n';
			const at = heard.indexOf(end);
			if (at < 0) return;
			const part = heard.slice(0, at);
			heard = heard.slice(at + end.length);
			if (!inMail) {
				hear(part);
				continue;
			}
			keep({ to, text: decode(part) });
			to = [];
			inMail = false;
			say('250 kept');
		}
	});
	say('220 mailbox');
}

/** Quoted-printable and base64 bodies, as mail programs write them. */
function decode(mail: string): string {
	const [headers = ''] = mail.split('\r\n\r\n', 1);
	// A line that begins with a dot was sent with two.
	const body = mail.slice(headers.length + 4).replace(/^\.\./gm, '.');
	if (/content-transfer-encoding: base64/i.test(headers)) {
		return `${headers}\n\n${Buffer.from(body, 'base64').toString('utf8')}`;
	}
	const bytes = body
		.replace(/=\r\n/g, '')
		.replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
	return `${headers}\n\n${Buffer.from(bytes, 'latin1').toString('utf8')}`;
}
