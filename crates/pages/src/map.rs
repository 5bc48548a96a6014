//! The tile-grid map of host regions with flow lines from the supporters, as one SVG drawn on the server.
//!
//! Lines run in lanes under each row of tiles, the rightmost tile in the nearest lane, so that no line crosses
//! another's last stretch and none hides a name.

use crate::Link;

/// Tiles on a grid, supporters in a column to their right, lines between them.
#[derive(Debug, Clone, Default)]
pub struct Map {
    /// Label of the measure shown.
    pub measure: String,
    /// Measures to choose from, as links, and whether each is the one shown. Without a fragment: the page adds its own.
    pub measures: Vec<(Link, bool)>,
    pub tiles: Vec<Tile>,
    pub supporters: Vec<Supporter>,
    pub flows: Vec<Flow>,
}

/// One host region on the grid.
#[derive(Debug, Clone, Default)]
pub struct Tile {
    pub code: String,
    pub name: String,
    pub col: u16,
    pub row: u16,
    /// The value as short text: `78.75 亿元`; empty where there are no figures.
    pub value: String,
    /// 0 no figures, 1 (least) to 4 (most).
    pub intensity: u8,
    pub href: String,
}

/// One supporting region beside the grid.
#[derive(Debug, Clone, Default)]
pub struct Supporter {
    pub code: String,
    pub name: String,
    pub value: String,
    pub href: String,
}

/// A line from a supporter to a host tile; both by code. An unknown code draws nothing.
#[derive(Debug, Clone, Default)]
pub struct Flow {
    pub supporter: String,
    pub host: String,
    /// 1 (least) to 4 (most); 0 draws the pairing alone, dotted.
    pub weight: u8,
    /// The amount: `18.4 亿元`; may be empty.
    pub value: String,
}

/// Widths of the page's left column and of the whole page that a map fills at 1440 px, so that one unit is about
/// one pixel and its words are read without a glass.
const COLUMN_WIDTH: u32 = 730;
const PAGE_WIDTH: u32 = 1176;
/// More columns than this do not fit into the left column.
const COLUMNS_BESIDE: u32 = 6;
const TILE_WIDTHS: std::ops::RangeInclusive<u32> = 88..=132;
const TILE_HEIGHT: u32 = 52;
/// Room left and right of a tile's words.
const TILE_INSET: u32 = 7;
const COLUMN_GAP: u32 = 6;
const ROW_GAP: u32 = 8;
const LANE: u32 = 4;
const SUPPORTER_WIDTH: u32 = 124;
const SUPPORTER_HEIGHT: u32 = 24;
const SUPPORTER_GAP: u32 = 4;
/// Room for the curves between grid and supporters.
const FAN: u32 = 72;
/// Size of a tile's name.
const NAME_SIZE: u32 = 13;

/// Everything placed, in SVG user units.
pub(crate) struct Layout<'a> {
    pub width: u32,
    pub height: u32,
    pub tile_width: u32,
    pub tiles: Vec<(u32, u32, &'a Tile)>,
    pub supporters: Vec<(u32, u32, &'a Supporter)>,
    pub lines: Vec<Line<'a>>,
}

pub(crate) struct Line<'a> {
    pub path: String,
    pub end: (u32, u32),
    pub flow: &'a Flow,
    pub from: &'a str,
    pub to: &'a str,
}

impl Map {
    /// Places tiles, supporters and lines.
    pub(crate) fn layout(&self) -> Layout<'_> {
        let rows = self.tiles.iter().map(|tile| tile.row + 1).max().unwrap_or(0);
        let (left, columns) = self.columns();
        let lanes: Vec<Vec<&Flow>> = (0..rows).map(|row| self.lanes(row)).collect();
        let tops = row_tops(&lanes);
        let aside = if self.supporters.is_empty() { 0 } else { FAN + SUPPORTER_WIDTH };
        let tile_width = tile_width(columns, aside);
        let pitch = tile_width + COLUMN_GAP;
        let grid_width = columns * pitch;
        let column_x = |tile: &Tile| u32::from(tile.col - left) * pitch;
        let grid_height = tops.last().copied().unwrap_or(0);
        let supporters = self.supporters_by_row();
        let pitch = SUPPORTER_HEIGHT + SUPPORTER_GAP;
        let column_height = pitch * u32::try_from(supporters.len()).unwrap_or(0);
        let height = grid_height.max(column_height);
        let start = (height - column_height) / 2;
        let right = grid_width + if supporters.is_empty() { 0 } else { FAN };
        let supporters: Vec<_> =
            (0u32..).zip(supporters).map(|(i, supporter)| (right, start + i * pitch, supporter)).collect();
        let mut layout = Layout {
            width: grid_width + aside,
            height,
            tile_width,
            tiles: self
                .tiles
                .iter()
                .map(|tile| (column_x(tile), tops[usize::from(tile.row)], tile))
                .collect(),
            supporters,
            lines: Vec::new(),
        };
        layout.lines = self.lines(&lanes, &layout, grid_width);
        layout
    }

    /// The first column that has a tile, and how many there are from it on.
    fn columns(&self) -> (u16, u32) {
        let left = self.tiles.iter().map(|tile| tile.col).min().unwrap_or(0);
        let columns = self.tiles.iter().map(|tile| u32::from(tile.col - left) + 1).max().unwrap_or(0);
        (left, columns)
    }

    /// Whether the map needs the whole width of the page.
    pub(crate) fn is_wide(&self) -> bool {
        self.columns().1 > COLUMNS_BESIDE
    }

    fn tile(&self, code: &str) -> Option<&Tile> {
        self.tiles.iter().find(|tile| tile.code == code)
    }

    /// The flows that end in a row, the nearest lane first.
    fn lanes(&self, row: u16) -> Vec<&Flow> {
        let known = |flow: &&Flow| self.supporters.iter().any(|s| s.code == flow.supporter);
        let mut flows: Vec<(u16, &Flow)> = self
            .flows
            .iter()
            .filter(known)
            .filter_map(|flow| Some((self.tile(&flow.host)?, flow)))
            .filter(|(tile, _)| tile.row == row)
            .map(|(tile, flow)| (tile.col, flow))
            .collect();
        flows.sort_by_key(|(col, _)| std::cmp::Reverse(*col));
        flows.into_iter().map(|(_, flow)| flow).collect()
    }

    /// Supporters in the order of the rows they support, so that lines cross little.
    fn supporters_by_row(&self) -> Vec<&Supporter> {
        let mut order: Vec<(u32, &Supporter)> = self
            .supporters
            .iter()
            .map(|supporter| {
                let rows: Vec<u32> = self
                    .flows
                    .iter()
                    .filter(|flow| flow.supporter == supporter.code)
                    .filter_map(|flow| self.tile(&flow.host))
                    .map(|tile| u32::from(tile.row) * 100 + 50 - u32::from(tile.col.min(50)))
                    .collect();
                let count = u32::try_from(rows.len()).unwrap_or(1).max(1);
                (rows.iter().sum::<u32>() / count, supporter)
            })
            .collect();
        order.sort_by_key(|(row, _)| *row);
        order.into_iter().map(|(_, supporter)| supporter).collect()
    }

    fn lines<'a>(&'a self, lanes: &[Vec<&'a Flow>], layout: &Layout<'a>, grid_width: u32) -> Vec<Line<'a>> {
        let mut lines = Vec::new();
        for flow in lanes.iter().flatten() {
            let Some((x, y, tile)) = layout.tiles.iter().find(|(.., tile)| tile.code == flow.host) else {
                continue;
            };
            let Some((sx, sy, supporter)) = layout.supporters.iter().find(|(.., s)| s.code == flow.supporter)
            else {
                continue;
            };
            let row = &lanes[usize::from(tile.row)];
            let lane = row.iter().position(|other| std::ptr::eq(*other, *flow)).unwrap_or(0);
            let here: Vec<_> = row.iter().filter(|other| other.host == flow.host).collect();
            let slot = here.iter().position(|other| std::ptr::eq(**other, *flow)).unwrap_or(0);
            let bottom = y + TILE_HEIGHT;
            let lane_y = bottom + ROW_GAP / 2 + 2 + LANE * u32::try_from(lane).unwrap_or(0);
            let stub_x = x + layout.tile_width - 14 - 10 * u32::try_from(slot).unwrap_or(0).min(8);
            let start_y = sy + SUPPORTER_HEIGHT / 2;
            let path = format!(
                "M{sx} {start_y}C{} {start_y} {} {lane_y} {grid_width} {lane_y}H{}Q{stub_x} {lane_y} {stub_x} {}V{bottom}",
                sx - FAN / 2,
                grid_width + FAN / 2,
                stub_x + 4,
                lane_y - 4,
            );
            lines.push(Line { path, end: (stub_x, bottom), flow, from: &supporter.name, to: &tile.name });
        }
        lines
    }
}

/// As wide as fills the place where the map stands.
fn tile_width(columns: u32, aside: u32) -> u32 {
    let place = if columns > COLUMNS_BESIDE { PAGE_WIDTH } else { COLUMN_WIDTH };
    let share = place.saturating_sub(aside) / columns.max(1);
    share.saturating_sub(COLUMN_GAP).clamp(*TILE_WIDTHS.start(), *TILE_WIDTHS.end())
}

/// The top of each row, and at the end the height of all of them.
fn row_tops(lanes: &[Vec<&Flow>]) -> Vec<u32> {
    let mut tops = vec![0];
    for row in lanes {
        let above = tops.last().copied().unwrap_or(0);
        let lanes = LANE * u32::try_from(row.len()).unwrap_or(0);
        tops.push(above + TILE_HEIGHT + ROW_GAP + lanes);
    }
    tops
}

impl Layout<'_> {
    /// A tile's name on one line, or on two where it is long.
    pub fn name_lines(&self, name: &str) -> Vec<String> {
        let room = (self.tile_width - 2 * TILE_INSET) * 100 / NAME_SIZE;
        let first: Vec<&str> = name
            .split_inclusive(' ')
            .scan(String::new(), |line, word| {
                line.push_str(word);
                fits(line.trim_end(), room).then_some(word)
            })
            .collect();
        let first = first.concat();
        let rest = name[first.len()..].trim();
        if first.is_empty() || rest.is_empty() {
            return vec![fit(name, room)];
        }
        vec![first.trim_end().to_owned(), fit(rest, room)]
    }

    /// A tile's value on one line. It is set smaller and thinner than a name, so that a unit of width takes a tenth
    /// of an em of a name.
    pub fn value_line(&self, value: &str) -> String {
        fit(value, (self.tile_width - 2 * TILE_INSET) * 10)
    }
}

/// CJK letters take an em, Latin ones 0.56.
fn hundredths_of_em(c: char) -> u32 {
    if c.is_ascii() { 56 } else { 100 }
}

fn fits(text: &str, room: u32) -> bool {
    text.chars().map(hundredths_of_em).sum::<u32>() <= room
}

/// `text` cut to what fits into so many hundredths of an em, with an ellipsis.
pub(crate) fn fit(text: &str, room: u32) -> String {
    if fits(text, room) {
        return text.to_owned();
    }
    let mut used = 100;
    let kept: String = text
        .chars()
        .take_while(|c| {
            used += hundredths_of_em(*c);
            used <= room
        })
        .collect();
    kept.trim_end_matches([' ', '·']).to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> Map {
        let tile =
            |code: &str, col, row| Tile { code: code.into(), name: code.into(), col, row, ..Tile::default() };
        let supporter = |code: &str| Supporter { code: code.into(), ..Supporter::default() };
        let flow = |supporter: &str, host: &str| Flow {
            supporter: supporter.into(),
            host: host.into(),
            ..Flow::default()
        };
        Map {
            tiles: vec![tile("left", 0, 0), tile("right", 2, 0), tile("below", 1, 1)],
            supporters: vec![supporter("low"), supporter("high")],
            flows: vec![
                flow("high", "left"),
                flow("high", "right"),
                flow("low", "below"),
                flow("nobody", "left"),
                flow("low", "nowhere"),
            ],
            ..Map::default()
        }
    }

    #[test]
    fn lanes_leave_room_between_rows_and_unknown_codes_draw_nothing() {
        let map = map();
        let layout = map.layout();
        assert_eq!(layout.lines.len(), 3);
        let below = layout.tiles.iter().find(|(.., tile)| tile.code == "below").map(|(_, y, _)| *y);
        assert_eq!(below, Some(TILE_HEIGHT + ROW_GAP + 2 * LANE));
        assert!(layout.lines.iter().all(|line| line.end.1 < layout.height));
    }

    #[test]
    fn the_rightmost_tile_has_the_nearest_lane_and_supporters_follow_the_rows() {
        let map = map();
        let layout = map.layout();
        assert_eq!(layout.lines[0].flow.host, "right");
        assert_eq!(layout.supporters[0].2.code, "high");
    }

    #[test]
    fn an_empty_map_has_no_size() {
        let map = Map::default();
        assert_eq!((map.layout().width, map.layout().height), (0, 0));
    }

    #[test]
    fn long_names_are_cut_where_they_no_longer_fit() {
        assert_eq!(fit("云川", 700), "云川");
        assert_eq!(fit("云川青岚藏族羌族自治州", 700), "云川青岚藏族…");
        assert_eq!(fit("Yunchuan", 700), "Yunchuan");
        assert_eq!(fit("Branch · Weichuan", 600), "Branch…");
    }

    #[test]
    fn long_names_of_several_words_take_two_lines() {
        let map = map();
        let layout = Layout { tile_width: 88, ..map.layout() };
        assert_eq!(layout.name_lines("Canglan"), ["Canglan"]);
        assert_eq!(layout.name_lines("Canglan Autonomous Prefecture"), ["Canglan", "Autonomo…"]);
        assert_eq!(layout.name_lines("云川青岚藏族羌族自治州"), ["云川青岚…"]);
        assert_eq!(layout.value_line("24.408 CNY bn"), "24.408 CNY bn");
        assert_eq!(layout.value_line("45,570,000 pieces"), "45,570,000…");
    }

    #[test]
    fn empty_columns_on_the_left_take_no_room_and_many_columns_need_the_page() {
        let at = |col: u16| Tile { code: col.to_string(), col, ..Tile::default() };
        let beside = Map { tiles: vec![at(3), at(4)], ..Map::default() };
        assert_eq!(beside.layout().tiles[0].0, 0);
        assert!(!beside.is_wide());
        let wide = Map { tiles: (0..10).map(at).collect(), ..Map::default() };
        assert!(wide.is_wide());
        assert!(wide.layout().width <= PAGE_WIDTH);
    }
}
