import { createTransport } from 'nodemailer';

export interface MailOptions {
  /** `smtp://user:password@host:port` or `smtps://…`; plain SMTP is brought to TLS where the server offers it. */
  url: string;
  from: string;
  to: readonly string[];
  /** Milliseconds for connecting and for each answer. */
  timeout?: number;
}

/** A message in plain text, through an SMTP server (RFC 5321). @throws what the server or the network says */
export function mailSender({ url, from, to, timeout = 15_000 }: MailOptions) {
  const transport = createTransport({
    url,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    // A message is text of our own: nothing is fetched or read from disk for it.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async ({ subject, text }: { subject: string; text: string }): Promise<void> => {
    await transport.sendMail({ from, to: [...to], subject, text });
  };
}
