//! Messages of refused files for the terminal, from the locale files.

use app::Error;
use locale::Locale;

/// The error as a sentence in the language of the terminal.
pub fn of(error: &Error) -> String {
    web::message(language(), error)
}

/// The language of the terminal: Chinese where `LC_ALL`, `LC_MESSAGES` or `LANG` say so.
pub fn language() -> Locale {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok());
    if set.is_some_and(|value| value.starts_with("zh")) { Locale::Zh } else { Locale::En }
}

/// What to say of a file that holds pictures only.
pub fn no_text(file: &str) -> String {
    language().read_no_text(file)
}
