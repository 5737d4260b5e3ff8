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
  /// character.
  private static func looksLikeFormula(_ cell: ArraySlice<UInt8>) -> Bool {
    let text = cell.drop { $0 == 0x20 }
    guard let first = text.first else { return false }
    if "=+-@\t\r\n|".utf8.contains(first) { return true }
    return wide.contains { text.starts(with: $0) }
  }

  private static let wide = ["\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"].map { Array($0.utf8) }
}
