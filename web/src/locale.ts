/** The pages are in English; dates and numbers are written as the reader's own kind of English does. */
const preferred = typeof navigator === "undefined" ? [] : (navigator.languages ?? []);

export const LOCALE = preferred.find((language) => /^en\b/.test(language)) ?? "en-GB";
