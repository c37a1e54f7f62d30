"""How messages travel: nothing lost, nothing counted twice, nothing silent."""
