// Hansard
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import hansard

struct ConnectionStringTests {
  struct Sample: Sendable {
    let text: String
    let user: String?
    let password: String?
    let masked: String

    init(_ text: String, _ user: String?, _ password: String?, _ masked: String) {
      (self.text, self.user, self.password, self.masked) = (text, user, password, masked)
    }
  }

  static let samples = [
    Sample("postgresql://db/x", nil, nil, "postgresql://db/x"),
    Sample("postgres://u@db:5433/x", "u", nil, "postgres://u@db:5433/x"),
    Sample("postgres://u:p@a,b:1/x", "u", "p", "postgres://u:***@a,b:1/x"),
    Sample("postgres://u:p%40%2F@db", "u", "p@/", "postgres://u:***@db"),
    Sample("postgres://:p@db", nil, "p", "postgres://:***@db"),
    // A combining accent after the @ must not hide it.
    Sample("postgres://u:p@\u{301}db", "u", "p", "postgres://u:***@\u{301}db"),
    Sample(
      "postgresql://postgres@/x?host=/tmp/a&port=1", "postgres", nil,
      "postgresql://postgres@/x?host=/tmp/a&port=1"),
    Sample(
      "postgresql:///x?user=u&p%61ssword=p", "u", "p", "postgresql:///x?user=u&password=***"),
    Sample("postgresql://u:%zz@db", "u", "%zz", "postgresql://u:***@db"),
    Sample("host=db user=u password=p", "u", "p", "host=db user=u password=***"),
    Sample(" user = 'a b'  password = 'p\\' q' ", "a b", "p' q", "user=a b password=***"),
    Sample("user=u password=p\\ q x=y", "u", "p q", "user=u password=*** x=y"),
    Sample("user=a user=b", "b", nil, "user=a user=b"),
  ]

  @Test(arguments: samples) func readsUserAndPasswordAndMasksThem(sample: Sample) throws {
    let read = try #require(ConnectionString(sample.text))
    #expect(read.user == sample.user)
    #expect(read.password == sample.password)
    #expect(read.masked == sample.masked)
  }

  @Test(arguments: ["", " ", "db", "mysql://db", "user='open", "=x", "a b=c d", "User=u\u{0}"])
  func refusesWhatIsNeitherForm(text: String) {
    #expect(ConnectionString(text) == nil)
  }
}
