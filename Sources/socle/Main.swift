/// The entry: everything is composed by the command that was asked for.
@main
enum Main {
    static func main() async {
        await CommandRun(arguments: Array(CommandLine.arguments.dropFirst())).perform()
    }
}
