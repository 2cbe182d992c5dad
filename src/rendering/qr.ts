import encodeQR from 'qr';

/** Light modules around the code, without which many readers find nothing (ISO/IEC 18004 §5.3.8). */
const QUIET = 4;

/** A QR code as rows of modules, true for dark; error correction M, the quiet zone is not in it. */
export function qrModules(text: string): boolean[][] {
  // The library draws at least one row of border.
  return encodeQR(text, 'raw', { ecc: 'medium', border: 1 })
    .slice(1, -1)
    .map((row) => row.slice(1, -1));
}

/** A QR code as an SVG picture that stands on its own: dark on white in every scheme, since readers need it so. */
export function qrSvg(text: string): string {
  const modules = qrModules(text);
  const size = modules.length + 2 * QUIET;
  const dark = modules.flatMap((row, y) =>
    row.flatMap((on, x) => (on ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size * 6}" height="${size * 6}" shape-rendering="crispEdges" role="img"><rect width="${size}" height="${size}" fill="#fff"/><path d="${dark.join('')}" fill="#000"/></svg>\n`;
}
