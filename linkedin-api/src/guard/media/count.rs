//! What is counted from the bytes of a whole file, and nothing is decoded.

/// More than this is not counted; LinkedIn takes far fewer.
const ENOUGH: u32 = 100_000;

/// The frames of a GIF (Graphics Interchange Format, version 89a). `None` when it is none or breaks off before its end.
pub fn gif_frames(bytes: &[u8]) -> Option<u32> {
    let rest = bytes.strip_prefix(b"GIF87a").or_else(|| bytes.strip_prefix(b"GIF89a"))?;
    let flags = *rest.get(4)?;
    let mut rest = rest.get(7 + color_table(flags)..)?;
    let mut frames = 0;
    while frames < ENOUGH {
        rest = match rest {
            // The end.
            [0x3b, ..] => return Some(frames),
            // An extension: its label, then blocks.
            [0x21, _, blocks @ ..] => after_blocks(blocks)?,
            // A frame: place, size and flags, colors, the code size, then blocks.
            [0x2c, frame @ ..] => {
                frames += 1;
                let flags = *frame.get(8)?;
                after_blocks(frame.get(9 + color_table(flags) + 1..)?)?
            }
            _ => return None,
        };
    }
    Some(frames)
}

/// The length of the color table these flags announce, in bytes.
const fn color_table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn after_blocks(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let (length, tail) = rest.split_first()?;
        rest = tail.get(usize::from(*length)..)?;
        if *length == 0 {
            return Some(rest);
        }
    }
}

/// The pages of a PDF, as far as its page objects stand uncompressed. `None` when it is none or hides them; a file that
/// was edited in place may hold old pages too, so this is an upper estimate.
pub fn pdf_pages(bytes: &[u8]) -> Option<u32> {
    if !bytes.starts_with(b"%PDF-") {
        return None;
    }
    let mut pages = 0;
    let mut rest = bytes;
    while let Some(at) = find(rest, b"/Type") {
        rest = rest.get(at + b"/Type".len()..)?;
        let name = rest.trim_ascii_start();
        let is_page = name.strip_prefix(b"/Page").is_some_and(|after| {
            after.first().is_none_or(|next| next.is_ascii_whitespace() || b"/<>[]()%".contains(next))
        });
        if is_page {
            pages += 1;
            if pages >= ENOUGH {
                break;
            }
        }
    }
    (pages > 0).then_some(pages)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
