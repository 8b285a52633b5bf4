// undici looks names of fields up in a tree of the usual ones, and falls back to lower case. Building the tree takes longer.
module.exports = { tree: { lookup: () => undefined } }
