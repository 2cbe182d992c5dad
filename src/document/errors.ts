export type DocumentErrorCode =
  | 'document.unknown'
  | 'document.blob-missing'
  | 'document.content-expired'
  | 'document.destroyed'
  | 'document.calendar-invalid';
