//! Renders every page with invented data in both languages, to look at them without a server:
//! `cargo run -p pages --example preview -- OUT [ASSETS]` writes `OUT/zh-CN/*.html` and `OUT/en/*.html`
//! beside a copy of the built assets (`assets/dist` unless named).

mod entry;
mod office;
mod records;
mod register;
mod samples;
mod work;

use std::path::Path;
use std::{env, fs, io};

use locale::Locale;

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let out = arguments.next().unwrap_or_else(|| "target/preview".to_owned());
    let assets = arguments.next().unwrap_or_else(|| "assets/dist".to_owned());
    for locale in Locale::ALL {
        let folder = Path::new(&out).join(locale.code());
        fs::create_dir_all(folder.join("assets"))?;
        for entry in fs::read_dir(&assets)? {
            let entry = entry?;
            fs::copy(entry.path(), folder.join("assets").join(entry.file_name()))?;
        }
        for (name, html) in samples::pages(locale)
            .into_iter()
            .chain(work::pages(locale))
            .chain(register::pages(locale))
            .chain(records::pages(locale))
            .chain(entry::pages(locale))
            .chain(office::pages(locale))
        {
            // Opened from a folder, absolute addresses of assets would miss.
            fs::write(folder.join(format!("{name}.html")), html.replace("\"/assets/", "\"assets/"))?;
        }
    }
    println!("{out}");
    Ok(())
}
