// commander starts processes for commands that are separate programs; we have none.
module.exports = {}
