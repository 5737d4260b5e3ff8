// Hansard
// SPDX-License-Identifier: Apache-2.0

// Passwords that no name announces but their place: options of commands, lines of `.pgpass`, SQL.

/// Options that carry secrets, by the commands that have them.
enum CommandSecret {
  enum Form: Sendable {
    /// `alice:password`.
    case user
    /// `password`.
    case whole
    /// `password` without white space before it.
    case glued
    /// `name=value`.
    case cookie
  }

  /// How far behind its command an option may stand, in bytes.
  static let reach = 400

  static let commands = [
    "curl ", "wget ", "sshpass ", "docker login", "podman login", "helm registry login",
    "az login", "az acr login", "mysql ", "mysqldump ", "mysqladmin ", "mariadb ", "redis-cli ",
    "ldapsearch ", "ldapmodify ", "ldapadd ", "ldapwhoami ", "smbclient ", "http ",
  ]

  /// What `option` carries for the command at `index` of `commands`.
  static func form(of option: String, of index: Int) -> Form? {
    switch (option, commands[index].split(separator: " ")[0]) {
    case ("-u ", "curl"), ("--user ", "curl"), ("--user=", "curl"), ("-U ", "curl"),
      ("--proxy-user ", "curl"), ("-a ", "http"):
      .user
    case ("-b ", "curl"), ("--cookie ", "curl"): .cookie
    case ("-p ", "sshpass"), ("-p ", "docker"), ("-p ", "podman"), ("-p ", "helm"), ("-p ", "az"),
      ("-a ", "redis-cli"), ("-w ", "ldapsearch"), ("-w ", "ldapmodify"), ("-w ", "ldapadd"),
      ("-w ", "ldapwhoami"):
      .whole
    case ("-p", "sshpass"), ("-p", "mysql"), ("-p", "mysqldump"), ("-p", "mysqladmin"),
      ("-p", "mariadb"):
      .glued
    default: nil
    }
  }

  static let options = [
    "-u ", "--user ", "--user=", "-U ", "--proxy-user ", "-b ", "--cookie ", "-p ", "-p", "-a ",
    "-w ",
  ]
  /// The ports before the database in a line of `.pgpass`.
  static let ports = ["5432", "5433", "5434", "6432", "6543", "25060", "26257", "*"]
}

extension TextScan {
  /// An option of the command that was named last.
  mutating func option(_ text: Span<UInt8>, _ index: Int, anchor: Range<Int>) {
    guard let (command, place) = command, anchor.lowerBound - place < CommandSecret.reach,
      let form = CommandSecret.form(of: CommandSecret.options[index], of: command)
    else { return }
    var offset = anchor.upperBound
    if form != .glued { text.skipSpaces(&offset) }
    let quoted = text.quoted(from: offset)
    let value =
      quoted?.range
      ?? offset..<text.end(from: offset) {
        $0 <= 0x20 || ";|&".utf8.contains($0) || text.isQuote($0) || $0 >= 0xE0
      }
    switch form {
    case .user:
      guard let colon = text.firstIndex(of: UInt8(ascii: ":"), in: value) else { return }
      argument(colon + 1..<value.upperBound, text)
    case .whole, .glued: argument(value, text)
    case .cookie:
      guard text.firstIndex(of: UInt8(ascii: "="), in: value) != nil, value.count > 5 else {
        return
      }
      hit(value, in: text, SensitiveName.Kind.cookie.rawValue, .credential)
    }
  }

  /// Notes a password unless it is a reference, or the number of a group: `-u 1000:1000`.
  private mutating func argument(_ range: Range<Int>, _ text: Span<UInt8>) {
    let words = Wording(text, range)
    guard range.count > 1, !text.isReference(range), !text.isPlaceholder(range),
      !(words.isNumber && range.count < 6), !text.isOption(range)
    else { return }
    hit(range, in: text, SensitiveName.Kind.password.rawValue, .named)
    covered = range.upperBound
  }

  /// `host:5432:database:user:password`, all of its line (`.pgpass`), from the colon before the port.
  mutating func passwordFile(_ text: Span<UInt8>, anchor: Range<Int>) {
    var start = anchor.lowerBound
    while start > 0, anchor.lowerBound - start < 256, !text.isFresh(start),
      ByteClass.unreserved.contains(text[start - 1]) || text[start - 1] == UInt8(ascii: "*")
    {
      start -= 1
    }
    guard start < anchor.lowerBound,
      start == 0 || text[start - 1] <= 0x20 || text.isFresh(start)
        || text.isQuote(text[start - 1]) || text[start - 1] == UInt8(ascii: "+")
    else { return }
    var offset = anchor.upperBound
    for _ in 0..<2 {
      let part = offset
      while offset < text.count, offset - part < 64, text[offset] > 0x20,
        !":/\\@\"'".utf8.contains(text[offset])
      {
        offset += 1
      }
      guard offset > part, text.skipByte(UInt8(ascii: ":"), &offset) else { return }
    }
    let end = text.end(from: offset) { $0 <= 0x20 || text.isQuote($0) || $0 >= 0xE0 }
    argument(offset..<end, text)
  }

  /// `auth=("name", "password")`, `HTTPBasicAuth('name', 'password')`.
  mutating func pair(_ text: Span<UInt8>, from start: Int) {
    var offset = start
    guard let name = text.quoted(from: offset), name.isClosed, name.range.count < 128 else {
      return
    }
    offset = name.range.upperBound
    _ = text.skipQuote(&offset)
    guard text.skipByte(UInt8(ascii: ","), &offset) else { return }
    text.skipSpaces(&offset)
    guard let quoted = text.quoted(from: offset), quoted.isClosed else { return }
    argument(quoted.range, text)
  }

  /// `IDENTIFIED BY 'password'`, `IDENTIFIED WITH plugin BY 'password'`.
  mutating func identified(_ text: Span<UInt8>, from start: Int) {
    var offset = start
    while offset < text.count, offset < start + 64, !text.hasBytes("by ", at: offset) {
      offset += 1
    }
    guard text.hasBytes("by ", at: offset) else { return }
    offset += 3
    text.skipSpaces(&offset)
    if text.hasBytes("password ", at: offset) { offset += 9 }
    guard let quoted = text.quoted(from: offset), quoted.isClosed else { return }
    // In prose things are identified by names.
    let isStatement = ByteClass.upper.contains(text[start - 1])
    guard isStatement || !Wording(text, quoted.range).isLabel else { return }
    argument(quoted.range, text)
  }
}
