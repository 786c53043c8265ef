extension Configuration {
    /// What belongs to the installation lives in the embedded directory: database, key and spool.
    mutating func use(embedded directory: EmbeddedDirectory) {
        installationKeyFile = directory.installationKeyFile
        access.spoolDirectory = directory.spool
    }
}
