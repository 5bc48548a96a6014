//! Web pages: their text without scripts, styles and menus, one line a block.

use std::convert::Infallible;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use crate::Refusal;

/// Elements whose content is no text of the page. `form` is not among them: many Chinese government sites wrap
/// the whole page into one; its controls are.
const DROPPED: [&str; 20] = [
    "script", "style", "noscript", "template", "nav", "menu", "footer", "aside", "select", "option",
    "button", "textarea", "svg", "iframe", "object", "audio", "video", "canvas", "head", "dialog",
];

/// Elements that stand in a line and do not break it.
const INLINE: [&str; 27] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "img", "ins", "kbd",
    "label", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "wbr",
];

/// Elements without content, which no end tag closes.
const VOID: [&str; 10] = ["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"];

/// The text of a page: blocks become lines, cells of a table row are separated by tabs, white space inside a line
/// is one blank. The page's `<title>` comes first where the page has no heading of its own.
///
/// # Errors
/// [`Refusal::OnlyMarkup`] where no text is left.
pub fn html_text(page: &str) -> Result<String, Refusal> {
    let mut writer = Writer::default();
    let mut name = String::new();
    // Events, not tokens: a tag with a million attributes is never held as a whole.
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
        match event {
            CallbackEvent::OpenStartTag { name: tag } => name = String::from_utf8_lossy(tag).into_owned(),
            CallbackEvent::CloseStartTag { self_closing } => writer.open(&name, self_closing),
            CallbackEvent::EndTag { name } => writer.close(&String::from_utf8_lossy(name)),
            CallbackEvent::String { value } => writer.text(&String::from_utf8_lossy(value)),
            _ => {}
        }
        None
    });
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(page, emitter).for_each(drop);
    writer.finish()
}

/// Collects the text while tags open and close.
#[derive(Debug, Default)]
struct Writer {
    out: String,
    line: String,
    title: String,
    in_title: bool,
    has_heading: bool,
    /// Cells of the table row begun so far.
    cells: usize,
    in_article: usize,
    in_pre: usize,
    /// The dropped element we are in, and how many of its name are open.
    dropped: Option<(String, usize)>,
}

impl Writer {
    fn open(&mut self, name: &str, self_closing: bool) {
        // `<head>` is dropped, but its title is wanted.
        self.in_title = name == "title" && self.title.is_empty();
        if let Some((dropped, depth)) = &mut self.dropped {
            if name == "body" {
                self.dropped = None;
            } else if name == dropped && !self_closing {
                *depth += 1;
            }
            return;
        }
        match name {
            "article" | "main" => self.in_article += 1,
            "pre" => self.in_pre += 1,
            "h1" => self.has_heading = true,
            _ => {}
        }
        let is_dropped = DROPPED.contains(&name) || (name == "header" && self.in_article == 0);
        if is_dropped && !self_closing {
            self.dropped = Some((name.to_owned(), 1));
        }
        self.separate(name);
    }

    fn close(&mut self, name: &str) {
        self.in_title = false;
        if let Some((dropped, depth)) = &mut self.dropped {
            if name == dropped {
                *depth -= 1;
            }
            if *depth == 0 {
                self.dropped = None;
            }
            return;
        }
        match name {
            "article" | "main" => self.in_article = self.in_article.saturating_sub(1),
            "pre" => self.in_pre = self.in_pre.saturating_sub(1),
            _ => {}
        }
        if !matches!(name, "td" | "th") && !VOID.contains(&name) {
            self.separate(name);
        }
    }

    fn separate(&mut self, name: &str) {
        match name {
            "td" | "th" => {
                let line = self.line.trim_end_matches(' ').len();
                self.line.truncate(line);
                if self.cells > 0 {
                    self.line.push('\t');
                }
                self.cells += 1;
            }
            // A paragraph inside a cell does not end the row.
            "p" | "div" | "br" if self.cells > 0 => self.blank(),
            _ if INLINE.contains(&name) => {}
            _ => self.end_line(),
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_title {
            self.title.push_str(text);
        }
        if self.dropped.is_some() {
            return;
        }
        for c in text.chars() {
            if self.in_pre > 0 && c == '\n' {
                self.end_line();
            } else if !is_blank(c) {
                self.line.push(c);
            } else {
                self.blank();
            }
        }
    }

    /// One blank between words, none at the start of a line or cell.
    fn blank(&mut self) {
        if !self.line.is_empty() && !self.line.ends_with(is_blank) {
            self.line.push(' ');
        }
    }

    fn end_line(&mut self) {
        let line = self.line.trim_matches(' ');
        if !line.trim().is_empty() {
            self.out.push_str(line);
            self.out.push('\n');
        }
        self.line.clear();
        self.cells = 0;
    }

    fn finish(mut self) -> Result<String, Refusal> {
        self.end_line();
        if !self.out.chars().any(char::is_alphanumeric) {
            return Err(Refusal::OnlyMarkup);
        }
        let title = self.title.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        if !self.has_heading && !title.is_empty() && !self.out.contains(&title) {
            self.out.insert_str(0, &format!("{title}\n"));
        }
        Ok(self.out)
    }
}

/// White space that HTML collapses; the wide blank of Chinese typesetting and the no-break space stay.
fn is_blank(c: char) -> bool {
    c.is_ascii_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_lines_and_furniture_is_dropped() {
        let page = "<!DOCTYPE html><html><head><title>甲乙合作 - 某网</title><style>p{}</style></head><body>\
            <nav><a href=/>首页</a></nav><header>某网</header><form id=page><h1>甲乙合作</h1>\
            <p>第一段,<b>共 3 家</b>企业。\n<p>第二段<br>另一行</p><script>var x = '<p>no</p>';</script>\
            <footer>版权</footer></form></body></html>";
        assert_eq!(html_text(page).unwrap(), "甲乙合作\n第一段,共 3 家企业。\n第二段\n另一行\n");
    }

    #[test]
    fn a_table_keeps_its_cells_apart_and_its_empty_ones() {
        let page =
            "<table><tr><th>地区<th>金额</tr><tr><td></td><td><p>2 亿元</p></td><td>x</td></tr></table>";
        assert_eq!(html_text(page).unwrap(), "地区\t金额\n\t2 亿元\tx\n");
    }

    #[test]
    fn the_title_stands_in_for_a_missing_heading() {
        let page = "<head><title>某报告</title></head><body><p>正文。</p></body>";
        assert_eq!(html_text(page).unwrap(), "某报告\n正文。\n");
    }

    #[test]
    fn a_heading_in_an_articles_header_stays() {
        let page = "<body><header>菜单</header><article><header><h1>标题</h1></header><p>文</p></article>";
        assert_eq!(html_text(page).unwrap(), "标题\n文\n");
    }

    #[test]
    fn an_unclosed_head_ends_with_the_body() {
        assert_eq!(html_text("<head><meta charset=utf-8><body>文").unwrap(), "文\n");
    }

    #[test]
    fn only_markup_is_refused() {
        let page =
            "<html><head><title>空</title></head><body><div id=app></div><script>run()</script>—</body>";
        assert_eq!(html_text(page), Err(Refusal::OnlyMarkup));
    }

    #[test]
    fn entities_and_preformatted_lines_are_read() {
        assert_eq!(html_text("<pre>a &amp; b\n3&gt;2</pre>").unwrap(), "a & b\n3>2\n");
    }
}
