// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

/// A page of a register, which is listed in the order of its ids: `?after=` names the last one of the
/// page before.
struct RegisterPage<Item> {
  /// How many entries a register answers with at most.
  static var size: Int { 1000 }

  let items: [Item]
  let id: (Item) -> String
  let write: (inout JSONWriter, Item) -> Void

  /// The answer to `exchange`: an array, with a link to the next page where there may be one.
  func reply(to exchange: Exchange) -> Reply {
    let last = items.count < Self.size ? nil : items.last.map(id)
    let link = last.map { exchange.nextPage("", (name: "after", value: $0)) }
    return Reply(fields: link ?? [:]) { writer in
      writer.array { writer in
        for item in items { write(&writer, item) }
      }
    }
  }
}

extension Exchange {
  /// The `after` of the query, for registers.
  func after<ID>(as field: TextField<ID>) throws(Problem) -> ID? {
    var query = query
    let after = query.read("after", as: field)
    try query.finish()
    return after
  }

  /// The id that the path names, read by `field`; throws `fault` where it is none.
  func pathID<ID>(
    as field: TextField<ID>, orThrow fault: @autoclosure () -> any Error
  ) throws -> ID {
    guard case .success(let id) = field.read(parameters.first ?? "") else { throw fault() }
    return id
  }

  /// The id that the path gives to something that may be new.
  func newID<ID>(_ name: String, as field: TextField<ID>) throws(Problem) -> ID {
    switch field.read(parameters.first ?? "") {
    case .success(let id): return id
    case .failure(let fault): throw .invalid(name, fault.code, fault.reason)
    }
  }
}
