// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Writes rows of comma-separated values (RFC 4180) that are safe to open in a spreadsheet: a cell that
/// one could take for a formula begins with an apostrophe.
struct CSVWriter {
  private(set) var bytes: [UInt8] = []
  private var isRowEmpty = true

  /// Writes one row; nil is an empty cell.
  mutating func row(_ cells: [String?]) {
    for cell in cells { write(Array((cell ?? "").utf8)) }
    endRow()
  }

  /// Adds a cell to the present row.
  mutating func write(_ cell: [UInt8]) {
    if !isRowEmpty { bytes.append(UInt8(ascii: ",")) }
    isRowEmpty = false
    let isDangerous = Self.looksLikeFormula(cell[...])
    guard isDangerous || cell.contains(where: Self.needsQuotes) else {
      bytes += cell
      return
    }
    bytes.append(UInt8(ascii: "\""))
    if isDangerous { bytes.append(UInt8(ascii: "'")) }
    for (index, byte) in cell.enumerated() {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
      // Where something else than a comma parts the cells, another one begins here.
      if Self.parts(byte), Self.looksLikeFormula(cell[(index + 1)...]) {
        bytes.append(UInt8(ascii: "'"))
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Ends the present row.
  mutating func endRow() {
    bytes += "\r\n".utf8
    isRowEmpty = true
  }

  /// Takes what has been written out of the writer, which goes on behind it.
  mutating func takeBytes() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  private static func needsQuotes(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || parts(byte)
  }

  private static func parts(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ";") || byte < 0x20 }

  /// What begins with one of these is calculated, also behind white space and as a full-width
  /// character. No control begins what anybody writes.
  private static func looksLikeFormula(_ cell: ArraySlice<UInt8>) -> Bool {
    var text = cell
    while let first = text.first, first == 0x20 || first >= 0x80,
      let space = blanks.first(where: { text.starts(with: $0) })
    {
      text = text.dropFirst(space.count)
    }
    guard let first = text.first else { return false }
    if first < 0x20 || "=+-@|".utf8.contains(first) { return true }
    return wide.contains { text.starts(with: $0) }
  }

  /// What programs take away from the front of a cell, or do not show: Unicode's White_Space but for the
  /// controls, which count as a formula themselves, and what has no width.
  private static let blanks = [
    " ", "\u{85}", "\u{A0}", "\u{AD}", "\u{1680}", "\u{180E}", "\u{2000}", "\u{2001}", "\u{2002}",
    "\u{2003}", "\u{2004}", "\u{2005}",
    "\u{2006}", "\u{2007}", "\u{2008}", "\u{2009}", "\u{200A}", "\u{200B}", "\u{200C}", "\u{200D}",
    "\u{200E}", "\u{200F}", "\u{2028}", "\u{2029}", "\u{202F}", "\u{205F}", "\u{2060}", "\u{3000}",
    "\u{FEFF}",
  ].map { Array($0.utf8) }

  private static let wide = ["\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"].map { Array($0.utf8) }
}
