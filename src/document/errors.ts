export type DocumentErrorCode = 'document.unknown' | 'document.blob-missing' | 'document.destroyed';
