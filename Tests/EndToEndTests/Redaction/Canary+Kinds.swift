// Hansard
// SPDX-License-Identifier: Apache-2.0

extension Canary {
  /// One of each kind; another seed gives other ones.
  static func all(seed: UInt64) -> [Canary] {
    var filler = Filler(seed: seed)
    return code(&filler) + clouds(&filler) + models(&filler) + services(&filler)
      + formats(&filler) + named(&filler) + personal(&filler)
  }

  private static func code(_ f: inout Filler) -> [Canary] {
    [
      Canary("github", .fixed("gh", "p_"), f.alnum(36)),
      Canary("github fine-grained", .fixed("github", "_pat_"), f.alnum(82)),
      Canary("gitlab", .fixed("gl", "pat-"), f.alnum(20)),
      Canary("npm", .fixed("np", "m_"), f.alnum(36)),
      Canary("pypi", .fixed("py", "pi-AgE"), f.alnum(90)),
      Canary("rubygems", .fixed("ruby", "gems_"), f.hex(48)),
      Canary("docker", .fixed("dckr", "_pat_"), f.alnum(27)),
      Canary("buildkite", .fixed("bk", "ua_"), f.hex(40)),
      Canary("sonar", .fixed("sq", "u_"), f.hex(40)),
    ]
  }

  private static func clouds(_ f: inout Filler) -> [Canary] {
    [
      Canary("aws id", .fixed("AK", "IA"), f.capitals(16)),
      Canary("aws secret", .fixed("aws_secret_access_key = "), f.alnum(40)),
      Canary("google", .fixed("AI", "za"), f.alnum(35)),
      Canary("google oauth", .fixed("GOC", "SPX-"), f.alnum(28)),
      Canary("azure storage", .fixed("Account", "Key="), f.alnum(86), .fixed("==")),
      Canary("digitalocean", .fixed("dop", "_v1_"), f.hex(64)),
      Canary("vault", .fixed("hv", "s."), f.alnum(24)),
      Canary("terraform", f.alnum(14), .fixed(".atlas", "v1."), f.alnum(64)),
      Canary("databricks", .fixed("da", "pi"), f.hex(32)),
      Canary("doppler", .fixed("dp.", "pt."), f.alnum(43)),
      Canary("pulumi", .fixed("pu", "l-"), f.hex(40)),
      Canary("planetscale", .fixed("pscale", "_pw_"), f.alnum(43)),
      Canary("supabase", .fixed("sb", "p_"), f.hex(40)),
      Canary("tailscale", .fixed("ts", "key-auth-"), f.alnum(16), .fixed("-"), f.alnum(24)),
      Canary("age", .fixed("AGE-SECRET", "-KEY-1"), f.capitals(58)),
    ]
  }

  private static func models(_ f: inout Filler) -> [Canary] {
    [
      Canary("openai", .fixed("sk-", "proj-"), f.alnum(48)),
      Canary("anthropic", .fixed("sk-", "ant-api03-"), f.alnum(93)),
      Canary("groq", .fixed("gs", "k_"), f.alnum(52)),
      Canary("xai", .fixed("xa", "i-"), f.alnum(80)),
      Canary("openrouter", .fixed("sk-", "or-v1-"), f.hex(64)),
      Canary("hugging face", .fixed("h", "f_"), f.alnum(34)),
      Canary("replicate", .fixed("r", "8_"), f.alnum(37)),
    ]
  }

  private static func services(_ f: inout Filler) -> [Canary] {
    [
      Canary(
        "slack", .fixed("xo", "xb-"), f.digits(12), .fixed("-"), f.digits(13), .fixed("-"),
        f.alnum(24)),
      Canary(
        "slack hook", .fixed("https://hooks.slack.com"), .fixed("/services/", "T"), f.capitals(9),
        .fixed("/B"), f.capitals(9), .fixed("/"), f.alnum(24)),
      Canary("telegram", f.digits(10), .fixed(":", "AA"), f.alnum(33)),
      Canary("stripe", .fixed("sk_", "live_"), f.alnum(24)),
      Canary("sendgrid", .fixed("S", "G."), f.alnum(22), .fixed("."), f.alnum(43)),
      Canary("twilio", .fixed("S", "K"), f.hex(32)),
      Canary("mailgun", .fixed("ke", "y-"), f.hex(32)),
      Canary("square", .fixed("sq0", "atp-"), f.alnum(22)),
      Canary("shopify", .fixed("shp", "at_"), f.hex(32)),
      Canary("grafana", .fixed("gl", "sa_"), f.alnum(32), .fixed("_"), f.hex(8)),
      Canary("new relic", .fixed("NR", "AK-"), f.capitals(27)),
      Canary("dynatrace", .fixed("dt0", "c01."), f.capitals(24), .fixed("."), f.capitals(64)),
      Canary("notion", .fixed("nt", "n_"), f.alnum(46)),
      Canary("linear", .fixed("lin", "_api_"), f.alnum(40)),
      Canary("postman", .fixed("PM", "AK-"), f.hex(24), .fixed("-"), f.hex(34)),
    ]
  }

  private static func formats(_ f: inout Filler) -> [Canary] {
    let (dashes, word) = ("-----", ["PRIVATE", "KEY"].joined(separator: " "))
    return [
      Canary(
        "jwt", .fixed("ey", "J"), f.alnum(20), .fixed(".ey", "J"), f.alnum(40), .fixed("."),
        f.alnum(43)),
      Canary(
        "pem", .fixed("\(dashes)BEGIN \(word)\(dashes)\n"), f.alnum(64), .fixed("\n"), f.alnum(64),
        .fixed("\n\(dashes)END \(word)\(dashes)\n")),
      Canary(
        "ssh", .fixed("\(dashes)BEGIN OPENSSH \(word)\(dashes)\n"), f.alnum(70), .fixed("\n"),
        f.alnum(70), .fixed("\n\(dashes)END OPENSSH \(word)\(dashes)\n")),
      Canary(
        "url with a password", .fixed("https://deploy:"), f.alnum(20), .fixed("@git.example/x")),
      Canary(
        "connection string", .fixed("postgresql://app:"), f.alnum(18), .fixed("@db:5432/main")),
      Canary("settings", .fixed("Server=db;User Id=sa;Password="), f.alnum(16), .fixed(";")),
      Canary("bearer", .fixed("Authorization: Bearer "), f.alnum(40)),
      Canary(
        "basic", .fixed("curl -H 'Authorization: Basic "), f.alnum(32),
        .fixed("' https://x.example")),
      Canary("cookie", .fixed("Cookie: session="), f.alnum(32)),
      Canary("header", .fixed("X-Api-Key: "), f.alnum(32)),
      Canary("query", .fixed("https://x.example/?access_token="), f.alnum(32), .fixed("&page=2")),
    ]
  }

  private static func named(_ f: inout Filler) -> [Canary] {
    [
      Canary("environment", .fixed("export DB_PASSWORD="), f.alnum(18)),
      Canary("flag", .fixed("mysql --password="), f.alnum(15), .fixed(" -u root")),
      Canary("yaml", .fixed("client_secret: "), f.alnum(28)),
      Canary("code", .fixed("api_key = \""), f.alnum(30), .fixed("\"")),
      Canary("hansard", .fixed("hs", "d_"), f.hex(32), .fixed("_"), f.alnum(43)),
    ]
  }

  private static func personal(_ f: inout Filler) -> [Canary] {
    let number = f.digits(9).text
    let card = withCheckDigit("41111" + f.digits(10).text)
    let iban = withCheckDigits("DE", f.digits(18).text)
    let ssn = "219-\(f.digits(2).text)-\(f.digits(4).text)"
    let (address, phone) = ("w\(f.hex(14).text)@mail.example", "+49 30 \(number)")
    return [
      Canary(personal: "card", card), Canary(personal: "iban", iban), Canary(personal: "ssn", ssn),
      Canary(personal: "e-mail", address), Canary(personal: "phone", phone),
    ]
  }

  /// Luhn.
  private static func withCheckDigit(_ digits: String) -> String {
    let sum = digits.reversed().enumerated().reduce(0) { sum, place in
      let value = (place.element.wholeNumberValue ?? 0) * (place.offset % 2 == 0 ? 2 : 1)
      return sum + (value > 9 ? value - 9 : value)
    }
    return digits + String((10 - sum % 10) % 10)
  }

  /// ISO 13616.
  private static func withCheckDigits(_ country: String, _ account: String) -> String {
    let letters = country.utf8.map { String($0 - 0x41 + 10) }.joined()
    let rest = (account + letters + "00").reduce(0) { ($0 * 10 + ($1.wholeNumberValue ?? 0)) % 97 }
    let check = 98 - rest
    return country + (check < 10 ? "0" : "") + String(check) + account
  }
}
