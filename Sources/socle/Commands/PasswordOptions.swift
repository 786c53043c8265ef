import ArgumentParser

/// Where a chosen password is read, and what is kept of it.
struct PasswordOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("File with the password; - is standard input.", valueName: "file"), completion: .file())
    var passwordFile = "-"
    @Flag(
        help: ArgumentHelp(
            "Keep the password's NT hash too, sealed, for MS-CHAPv2.",
            discussion: "Windows and many phones offer PEAP with MS-CHAPv2 alone. It is as good as the password itself."
        ))
    var ntHash = false

    func read() throws -> ChosenPassword { try .read(passwordFile, keepingNTHash: ntHash) }
}
