// commander starts programs for commands that are programs of their own; none of ours is.
module.exports = {}
