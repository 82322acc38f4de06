//! The sRGB colour space as an ICC profile, made from its published constants (IEC 61966-2-1; ICC.1:2004-10).

/// About 500 bytes: primaries and white adapted to D50, the transfer curve as a formula.
pub(crate) fn srgb() -> Vec<u8> {
    let text = |text: &str| {
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let length = u32::try_from(utf16.len()).expect("a short text");
        [b"mluc\0\0\0\0".as_slice(), &be(&[1, 12]), b"enUS", &be(&[length, 28]), &utf16].concat()
    };
    let xyz = |values: [f64; 3]| [b"XYZ \0\0\0\0".as_slice(), &fixed(&values)].concat();
    let adaptation = [1.047_88, 0.022_92, -0.050_22, 0.029_59, 0.990_48, -0.017_08, -0.009_25, 0.015_08, 0.751_68];
    let curve = [2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.040_45];
    let tags: [(&[u8; 4], Vec<u8>); 9] = [
        (b"desc", text("sRGB")),
        (b"cprt", text("Public domain")),
        (b"wtpt", xyz([0.9642, 1.0, 0.8249])),
        (b"chad", [b"sf32\0\0\0\0".as_slice(), &fixed(&adaptation)].concat()),
        (b"rXYZ", xyz([0.436_07, 0.222_49, 0.013_92])),
        (b"gXYZ", xyz([0.385_15, 0.716_87, 0.097_08])),
        (b"bXYZ", xyz([0.143_07, 0.060_61, 0.714_10])),
        (b"rTRC", [b"para\0\0\0\0\0\x03\0\0".as_slice(), &fixed(&curve)].concat()),
        (b"gTRC", Vec::new()), // shares the red curve, as the blue one does
    ];
    assemble(&tags)
}

fn assemble(tags: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    const HEADER: usize = 128;
    let mut entries: Vec<(&[u8; 4], usize, usize)> = Vec::new();
    let mut data: Vec<u8> = Vec::new();
    let data_at = HEADER + 4 + 12 * (tags.len() + 1);
    for (tag, body) in tags.iter().filter(|(_, body)| !body.is_empty()) {
        entries.push((tag, data_at + data.len(), body.len()));
        data.extend(body);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    if let Some((_, at, length)) = entries.iter().find(|(tag, ..)| *tag == b"rTRC").copied() {
        entries.extend([(b"gTRC", at, length), (b"bTRC", at, length)]);
    }
    let number = |number: usize| u32::try_from(number).expect("a small profile").to_be_bytes();
    let mut profile = header(data_at + data.len());
    profile.extend(number(entries.len()));
    for (tag, at, length) in entries {
        profile.extend([tag.as_slice(), &number(at), &number(length)].concat());
    }
    profile.extend(data);
    profile
}

/// A display profile, RGB to XYZ, version 4.2, dated with the standard.
fn header(size: usize) -> Vec<u8> {
    let mut header = be(&[u32::try_from(size).expect("a small profile"), 0, 0x0420_0000]);
    header.extend(b"mntrRGB XYZ ");
    header.extend([2004_u16, 10, 1, 0, 0, 0].into_iter().flat_map(u16::to_be_bytes));
    header.extend(b"acsp");
    header.resize(68, 0);
    header.extend(fixed(&[0.9642, 1.0, 0.8249])); // the illuminant, D50
    header.resize(128, 0);
    header
}

fn be(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// In sixteen bits and sixteen bits of fraction.
fn fixed(values: &[f64]) -> Vec<u8> {
    #[expect(clippy::cast_possible_truncation, reason = "the constants above are below 3")]
    values.iter().flat_map(|value| ((value * 65_536.0).round() as i32).to_be_bytes()).collect()
}
