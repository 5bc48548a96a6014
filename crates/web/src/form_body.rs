//! Forms and queries as pairs in the order they were sent, a key as often as it was sent.

/// Decodes `a=1&b=2`; what is no UTF-8 is replaced and so refused by the fields that look at it.
pub(crate) fn pairs(body: &[u8]) -> Vec<(String, String)> {
    let parts = body.split(|byte| *byte == b'&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let at = part.iter().position(|byte| *byte == b'=');
            let (key, value) = at.map_or((part, &[][..]), |at| (&part[..at], &part[at + 1..]));
            (decoded(key), decoded(value))
        })
        .collect()
}

fn decoded(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next(), rest.next()];
                let digit = |digit: Option<u8>| char::from(digit?).to_digit(16);
                match (digit(digits[0]), digit(digits[1])) {
                    (Some(high), Some(low)) => bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?')),
                    _ => {
                        bytes.push(b'%');
                        bytes.extend(digits.into_iter().flatten());
                    }
                }
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn pairs_keep_their_order_and_their_repetitions() {
        let of = |text: &str| pairs(text.as_bytes());
        assert_eq!(of("a=1&b=+2%20&a=%E4%BA%BF"), [("a", "1"), ("b", " 2 "), ("a", "亿")].map(own));
        assert_eq!(of("x&=y&z="), [("x", ""), ("", "y"), ("z", "")].map(own));
        assert_eq!(of("a=100%&b=%zz"), [("a", "100%"), ("b", "%zz")].map(own));
    }

    fn own((key, value): (&str, &str)) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }
}
