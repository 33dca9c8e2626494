/** As TextDecoder names them, but for the two that say how the file begins. */
export const textEncodings = [
  'utf-8',
  'utf-8-bom',
  'utf-16le',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1257',
  'iso-8859-2',
  'iso-8859-15',
  'koi8-r',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  'gbk',
  'big5',
] as const;
export type TextEncoding = (typeof textEncodings)[number];
