//! The brand colour made readable: which ink stands on it, and which shade of it reads as text.
//!
//! Contrast is WCAG 2.2's ratio (<https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>); 4.5 is what AA asks of text, and
//! the little above it that is asked for here pays for rounding. Sums are
//! whole numbers: luminance in millionths.

const WHITE: Color = Color([255, 255, 255]);
const BLACK: Color = Color([0x12, 0x14, 0x18]);
/// The darkest surface text stands on in the light theme, and the lightest in the dark one.
const LIGHT_SURFACE: Color = Color([0xf1, 0xf2, 0xf5]);
const DARK_SURFACE: Color = Color([0x2a, 0x2d, 0x33]);

/// An opaque sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color([u8; 3]);

impl Color {
    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let value = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self([value[1], value[2], value[3]]))
    }

    /// White, or near black where white is too faint to read on this colour.
    #[must_use]
    pub fn ink(self) -> Self {
        if readable(WHITE, self) || self.contrast(WHITE) >= self.contrast(BLACK) { WHITE } else { BLACK }
    }

    /// This colour darkened until it reads on light surfaces.
    #[must_use]
    pub fn on_light(self) -> Self {
        self.toward(BLACK, LIGHT_SURFACE)
    }

    /// This colour lightened until it reads on dark surfaces.
    #[must_use]
    pub fn on_dark(self) -> Self {
        self.toward(WHITE, DARK_SURFACE)
    }

    /// As `#rrggbb`.
    pub fn css(self) -> String {
        let mut css = String::from("#");
        for part in self.0 {
            for digit in [part >> 4, part & 15] {
                css.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
            }
        }
        css
    }

    /// The contrast ratio with another colour, in hundredths: 100 to 2,100.
    pub fn contrast(self, other: Self) -> u32 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 50_000) * 100 / (a.min(b) + 50_000)
    }

    fn toward(self, end: Self, surface: Self) -> Self {
        let mix = |step: u32| {
            let part = |from: u8, to: u8| {
                let sum = u32::from(from) * (20 - step) + u32::from(to) * step;
                u8::try_from(sum / 20).unwrap_or(u8::MAX)
            };
            Self([part(self.0[0], end.0[0]), part(self.0[1], end.0[1]), part(self.0[2], end.0[2])])
        };
        (0..=20).map(mix).find(|shade| readable(*shade, surface)).unwrap_or(end)
    }

    fn luminance(self) -> u32 {
        let [red, green, blue] = self.0.map(linear);
        (red / 100 * 2_126 + green / 100 * 7_152 + blue / 100 * 722) / 100
    }
}

fn readable(text: Color, surface: Color) -> bool {
    text.contrast(surface) >= 460
}

/// sRGB's curve in millionths at 0, 15, 30, … 255. A table costs less than floating point's library code.
const CURVE: [u32; 18] = [
    0, 4_777, 12_983, 26_241, 45_186, 70_360, 102_242, 141_263, 187_821, 242_281, 304_987, 376_262, 456_411,
    545_724, 644_480, 752_942, 871_367, 1_000_000,
];

/// sRGB's curve in millionths, straight between the points of [`CURVE`]. A test holds it against the real one.
fn linear(part: u8) -> u32 {
    let (index, rest) = (usize::from(part / 15), u32::from(part % 15));
    let next = CURVE[(index + 1).min(17)];
    CURVE[index] + (next - CURVE[index]) * rest / 15
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG's own formula, in floating point.
    fn exact(a: Color, b: Color) -> f64 {
        let channel = |part: u8| {
            let x = f64::from(part) / 255.0;
            if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
        };
        let luminance =
            |Color([r, g, b]): Color| 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn contrast_stays_close_to_the_exact_ratio() {
        for part in (0..=255).step_by(5) {
            for color in [[part, 0x3f, 0xa3], [0x4a, part, 0xa3], [0x4a, 0x3f, part], [part; 3]] {
                let (near, right) =
                    (f64::from(Color(color).contrast(WHITE)) / 100.0, exact(Color(color), WHITE));
                assert!((near - right).abs() / right < 0.06, "{color:?}: {near} is not {right}");
            }
        }
    }

    #[test]
    fn the_ink_and_the_shades_of_any_brand_colour_read() {
        for part in (0..=255).step_by(15) {
            for color in [[part, 0x3f, 0xa3], [0xff, part, 0], [part; 3]].map(Color) {
                assert!(exact(color, color.ink()) >= 4.2, "{color:?}");
                assert!(exact(color.on_light(), LIGHT_SURFACE) >= 4.5, "{color:?}");
                assert!(exact(color.on_dark(), DARK_SURFACE) >= 4.5, "{color:?}");
            }
        }
    }

    #[test]
    fn white_stands_on_a_deep_violet() {
        assert_eq!(Color::parse("#4a3fa3").map(Color::ink), Some(WHITE));
    }
}
