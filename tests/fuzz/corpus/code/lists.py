x = [x]
y = [Dense(1), y]
m = Sequential(x)
n = Model(y, Add()(x))
