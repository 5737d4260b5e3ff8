// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// What a listing is exported of.
protocol Exportable: Sendable {
  /// The names of its cells.
  static var exportColumns: [String] { get }
  /// Its row of a spreadsheet.
  var exportCells: [String?] { get }
  /// Writes its members; the object around them is the caller's.
  func writeMembers(to writer: inout JSONWriter)
}

/// A listing, written page by page.
struct ListExport<Element: Exportable>: Export {
  let pages: ExportPages<Element>
  /// Whether it goes on behind what was taken before.
  let isContinued: Bool

  /// An array.
  @Sendable func json(_ emit: Reply.Emit) async throws {
    var writer = JSONWriter()
    writer.beginArray()
    try await pages.forEach { elements in
      for element in elements { writer.object { element.writeMembers(to: &$0) } }
      try await emit(writer.takeBytes())
    }
    writer.endArray()
    try await emit(writer.takeBytes())
  }

  /// A line for each.
  @Sendable func lines(_ emit: Reply.Emit) async throws {
    try await pages.forEach { elements in
      try await emit(
        elements.flatMap { element in JSONLine.make { element.writeMembers(to: &$0) } })
    }
  }

  /// A row of names, then a row for each.
  @Sendable func rows(_ emit: Reply.Emit) async throws {
    var csv = CSVWriter()
    if !isContinued { csv.row(Element.exportColumns) }
    try await pages.forEach { elements in
      for element in elements { csv.row(element.exportCells) }
      try await emit(csv.takeBytes())
    }
  }
}
