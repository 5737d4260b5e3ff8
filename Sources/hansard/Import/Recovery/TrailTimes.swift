// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where times were written that say no offset from UTC, as Python's `datetime.now().isoformat()` does.
enum TrailTimes: Sendable, Equatable {
  /// Nobody said: they are refused, since a wrong guess could not be taken back.
  case unknown
  /// Everywhere at one offset: `Z`, `+02:00`.
  case offset(String)
  /// In a zone with its summer times.
  case zone(TimeZone)

  /// Why a time cannot be told.
  enum Fault: String, Error {
    case unknown = "has no offset from UTC; say by --time-zone where it was written"
    case skipped = "is not a time of that zone, whose clocks were put forward over it"
    case fine = "lies where the zone's offset is no whole number of minutes"
  }

  /// `UTC`, an offset, or a name of the time zone database; nil for anything else.
  init?(_ text: String) {
    if ["UTC", "Z"].contains(text) {
      self = .offset("Z")
    } else if Self.isOffset(text) {
      self = .offset(text)
    } else if text.contains("/"), let zone = TimeZone(identifier: text) {
      self = .zone(zone)
    } else {
      return nil
    }
  }

  /// `text` with an offset: its own, or that of where it was written. What is no time stays as it is.
  func resolve(_ text: String) throws(Fault) -> String {
    guard Self.isLocal(text) else { return text }
    switch self {
    case .unknown: throw .unknown
    case .offset(let offset): return text + offset
    case .zone(let zone):
      guard let local = Self.seconds(text) else { return text }
      let seconds = try Self.offset(of: zone, at: local)
      guard seconds % 60 == 0 else { throw .fine }
      let minutes = abs(seconds) / 60
      return text + (seconds < 0 ? "-" : "+") + Self.padded(minutes / 60) + ":"
        + Self.padded(minutes % 60)
    }
  }

  /// The offset of a zone at a time by its own clocks. Of a time that comes twice, when clocks are put
  /// back, it is the first, as it is in Python.
  private static func offset(of zone: TimeZone, at local: TimeInterval) throws(Fault) -> Int {
    func offset(_ seconds: TimeInterval) -> Int {
      zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds))
    }
    // Clocks are not changed twice within two days.
    let near = [offset(local - 86_400), offset(local + 86_400)]
    let fitting = near.filter { offset(local - TimeInterval($0)) == $0 }
    guard let first = fitting.max() else { throw .skipped }
    return first
  }
}

extension TrailTimes {
  private static func isOffset(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count == 6, text.hasPrefix("+") || text.hasPrefix("-"), bytes[3] == 0x3A,
      let hours = number(bytes[1..<3]), let minutes = number(bytes[4..<6])
    else { return false }
    return hours < 24 && minutes < 60
  }

  /// Whether it looks like a date and a time, and ends without an offset.
  private static func isLocal(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count >= 19, bytes[4] == 0x2D, bytes[10] | 0x20 == 0x74 else { return false }
    return bytes[11...].allSatisfy { (0x30...0x39).contains($0) || $0 == 0x3A || $0 == 0x2E }
  }

  /// The time as if it were one of UTC, in seconds since 1970; nil for what is none.
  private static func seconds(_ text: String) -> TimeInterval? {
    let bytes = Array(text.utf8)
    guard let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
      let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
      let minute = number(bytes[14..<16]), let second = number(bytes[17..<19])
    else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let date = calendar.date(
      from: DateComponents(
        year: year, month: month, day: day, hour: hour, minute: minute, second: second))
    return date?.timeIntervalSince1970
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  private static func padded(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
