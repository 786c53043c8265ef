import Store

extension Administration {
    var passwords: AccountPasswords { AccountPasswords(client, keys: keys) }
}
