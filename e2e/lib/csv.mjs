// Reads a CSV file as RFC 4180 has it.

/** The rows of a file, each an array of its fields. */
export function parseCsv(text) {
  const rows = [];
  let row = [];
  const field = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;
  const body = text.replace(/^\ufeff/, "");
  while (field.lastIndex < body.length) {
    const [, quoted, plain] = field.exec(body);
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    const end = body.slice(field.lastIndex).match(/^(,|\r?\n|$)/);
    if (!end) {
      throw new Error(`no comma after field ${row.length} of row ${rows.length + 1}`);
    }
    field.lastIndex += end[0].length;
    if (end[0] !== ",") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
